// SAU2xxx: names that mean nothing, twice something, or that lack what they need.
import { formError, message } from '../message.js'

export const nameEntries = {
  SAU2001: formError(message`unknown name \`${'name'}\``),
  SAU2002: formError(message`unknown function \`${'name'}\``),
  SAU2003: formError(message`\`${'function'}\` has no argument \`${'name'}\``),
  SAU2004: formError(message`\`${'block'}\` has no field \`${'name'}\``),
  SAU2005: formError(message`${'subject'} has no \`${'name'}\``),
  SAU2006: formError(message`unknown type \`${'name'}\``),
  SAU2007: formError(message`the name \`${'name'}\` is declared twice`),
  SAU2008: formError(
    message`there are two \`${'what'}\` declarations`,
    message`an experiment has exactly one; take one of them out`,
  ),
  SAU2009: formError(
    message`\`${'name'}\` is defined by itself: ${'cycle'}`,
    message`break the circle; a definition may use only what can be known before it`,
  ),
  SAU2010: formError(
    message`\`${'file'}\` imports itself: ${'cycle'}`,
    message`move what both files need into a third one and import that`,
  ),
  SAU2011: formError(message`there is no file \`${'file'}\``),
  SAU2012: formError(
    message`\`${'name'}\` is a word of the language and cannot be declared`,
    message`choose another name`,
  ),
  SAU2013: formError(message`\`${'function'}\` needs \`${'name'}\`: ${'type'}`),
  SAU2014: formError(
    message`\`${'function'}\` takes ${'most'} by place, and this is one more`,
    message`write \`${'function'}(${'signature'})\``,
  ),
  SAU2015: formError(message`\`${'name'}\` is given twice to \`${'function'}\``),
  SAU2016: formError(message`\`${'block'}\` needs the field \`${'name'}\``, message`write \`${'example'}\``),
  SAU2017: formError(message`the field \`${'name'}\` is given twice`),
  SAU2018: formError(message`the experiment has no \`${'what'}\``, message`write \`${'example'}\``),
  SAU2019: formError(message`\`${'name'}\` is not one of ${'list'}: ${'members'}`),
  SAU2020: formError(
    message`\`${'file'}\` is a library: it has no \`experiment\` line, so there is nothing to run`,
    message`write \`experiment "title"\`, or run the file that imports it`,
  ),
  SAU2021: formError(message`\`match\` says nothing about ${'missing'}`, message`add an arm for each`),
  SAU2022: formError(message`\`match\` has two arms for \`${'name'}\``),
  SAU2023: formError(message`unknown unit \`${'name'}\``),
} as const
