import { expect, test } from 'vitest'
import { noticeFilter } from '../../runtime/cli/native-notices.js'

const said = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n',
  'I0000 00:00:1795881101.142766   30311 port.cc:153] oneDNN custom operations are on.\n',
  '2026-11-28 15:00:00.123456: I tensorflow/core/util/port.cc:113] oneDNN custom operations are on.\n',
  'W0000 00:00:1795881101.142766 30311 gpu_device.cc:2344] Cannot dlopen some GPU libraries.\n',
  'note: large.png resized to 8 x 8 pixels\n',
  'E0000 00:00:1795881101.142766 30311 cuda_driver.cc:1] out of memory\n',
  'Is it WARNING: All',
]
const kept = [said[4], said[5], said[6]].join('')

test.each([1, 7, 50, 10_000])(
  'notices are left out and all else is kept, in pieces of %i characters',
  (size) => {
    const filter = noticeFilter()
    const text = said.join('')
    let passed = ''
    for (let at = 0; at < text.length; at += size) passed += filter.pass(text.slice(at, at + size))
    expect(passed + filter.rest()).toBe(kept)
  },
)
