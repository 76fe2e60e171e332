// What to do about texts that are not UTF-8: UTF-16, which Windows' editors and PowerShell's `>` write, and
// UTF-32.

export function encodingHelp(file: string, encoding: 'UTF-16' | 'UTF-32'): string {
  return `save it as UTF-8 in an editor, or with \`iconv -f ${encoding} -t UTF-8 '${file}' > utf-8.txt\`; \`>\` of PowerShell writes UTF-16`
}
