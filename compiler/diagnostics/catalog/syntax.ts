// SAU1xxx: what is wrong with the form of a file.
import { formError, message } from '../message.js'

export const syntaxEntries = {
  SAU1001: formError(message`the language has no ${'characters'}`),
  SAU1002: formError(
    message`this text has no closing quote`,
    message`write \`"\` at its end, on the same line; texts hold no line ends and no escapes`,
  ),
  SAU1003: formError(message`\`${'text'}\` is not a number`),
  SAU1004: formError(message`a closing \`${'bracket'}\` is missing`),
  SAU1005: formError(
    message`this \`${'bracket'}\` closes nothing`,
    message`take it out, or open the bracket that it closes`,
  ),
  SAU1006: formError(
    message`the \`{\` of \`${'declaration'}\` is missing`,
    message`write it on the same line as \`${'declaration'}\``,
  ),
  SAU1007: formError(
    message`the file does not say which version of the language it is in`,
    message`write \`sau 1\` as its first line`,
  ),
  SAU1008: formError(message`the language has no version ${'version'}`, message`write \`sau 1\``),
  SAU1009: formError(
    message`\`sau\` must stand on the first line, once`,
    message`move it to the top of the file, above everything but comments`,
  ),
  SAU1010: formError(message`\`${'word'}\` declares nothing`),
  SAU1011: formError(message`this does not say what \`${'name'}\` is`),
  SAU1012: formError(
    message`\`${'declaration'}\` does not belong ${'place'}`,
    message`it stands ${'belongs'}`,
  ),
  SAU1013: formError(message`${'found'} cannot stand here; expected ${'expected'}`),
  SAU1014: formError(message`a value is missing${'where'}`),
  SAU1015: formError(
    message`\`${'word'}\` is a word of the language and cannot be a name`,
    message`choose another name`,
  ),
  SAU1016: formError(
    message`\`${'operator'}\` without a left side may only be an argument`,
    message`write what is compared in front of it`,
  ),
  SAU1017: formError(message`${'found'} stands where ${'expected'} should`, message`write ${'expected'}`),
  SAU1018: formError(
    message`two statements stand on one line`,
    message`put the second on a line of its own, or \`;\` between them`,
  ),
  SAU1019: formError(
    message`an argument without a name stands behind one with a name`,
    message`arguments by place come first`,
  ),
  SAU1020: formError(
    message`brackets, operators or definitions are nested too deeply`,
    message`name parts with \`let\`, and shorten chains of definitions`,
  ),
  SAU1021: formError(
    message`written out, ${'what'} has more than ${'most'} parts`,
    message`a definition that names the one before it twice doubles each time; name fewer`,
  ),
  SAU1022: formError(
    message`\`${'file'}\` cannot be read: it ${'fault'}`,
    message`name a text file in UTF-8`,
  ),
  SAU1023: formError(
    message`the program has ${'count'}`,
    message`import less; what is generated for one experiment may be a file of its own`,
  ),
} as const
