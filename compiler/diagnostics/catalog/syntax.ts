// SAU1xxx: what is wrong with the form of a file.
import { message, programError } from '../message.js'

export const syntaxEntries = {
  SAU1001: programError(message`the language has no ${'characters'}`),
  SAU1002: programError(
    message`this text has no closing quote`,
    message`write \`"\` at its end, on the same line; texts hold no line ends and no escapes`,
  ),
  SAU1003: programError(message`\`${'text'}\` is not a number`),
  SAU1004: programError(message`a closing \`${'bracket'}\` is missing`),
  SAU1005: programError(
    message`this \`${'bracket'}\` closes nothing`,
    message`take it out, or open the bracket that it closes`,
  ),
  SAU1006: programError(
    message`the \`{\` of \`${'declaration'}\` is missing`,
    message`write it on the same line as \`${'declaration'}\``,
  ),
  SAU1007: programError(
    message`the file does not say which version of the language it is in`,
    message`write \`sau 1\` as its first line`,
  ),
  SAU1008: programError(message`the language has no version ${'version'}`, message`write \`sau 1\``),
  SAU1009: programError(
    message`\`sau\` must stand on the first line, once`,
    message`move it to the top of the file, above everything but comments`,
  ),
  SAU1010: programError(message`\`${'word'}\` declares nothing`),
  SAU1011: programError(message`this does not say what \`${'name'}\` is`),
  SAU1012: programError(
    message`\`${'declaration'}\` does not belong ${'place'}`,
    message`it stands ${'belongs'}`,
  ),
  SAU1013: programError(message`${'found'} cannot stand here; expected ${'expected'}`),
  SAU1014: programError(message`a value is missing${'where'}`),
  SAU1015: programError(
    message`\`${'word'}\` is a word of the language and cannot be a name`,
    message`choose another name`,
  ),
  SAU1016: programError(
    message`\`${'operator'}\` without a left side may only be an argument`,
    message`write what is compared in front of it`,
  ),
  SAU1017: programError(message`${'found'} stands where ${'expected'} should`, message`write ${'expected'}`),
  SAU1018: programError(
    message`two statements stand on one line`,
    message`put the second on a line of its own, or \`;\` between them`,
  ),
  SAU1019: programError(
    message`an argument without a name stands behind one with a name`,
    message`arguments by place come first`,
  ),
  SAU1020: programError(
    message`brackets, operators or definitions are nested too deeply`,
    message`name parts with \`let\`, and shorten chains of definitions`,
  ),
  SAU1021: programError(
    message`written out, ${'what'} has more than ${'most'} parts`,
    message`a definition that names the one before it twice doubles each time; name fewer`,
  ),
  SAU1022: programError(
    message`\`${'file'}\` cannot be read: it ${'fault'}`,
    message`name a text file in UTF-8`,
  ),
  SAU1023: programError(
    message`the program has ${'count'}`,
    message`import less; what is generated for one experiment may be a file of its own`,
  ),
} as const
