// What a report for double-blind review must not say.
import { expect, test } from 'vitest'
import { anonymous, anonymousText, identityHere } from '../../../runtime/observe/report/anonymous.js'

const identity = {
  hosts: ['gpu07.cs.example.edu', 'gpu07'],
  users: ['mmustermann'],
  places: ['/home/mmustermann/long tail', '/home/mmustermann', '/tmp'],
}
const shown = (text: string): string => anonymousText(text, identity)

test('paths are shortened to their last part, with blanks in folders that are known', () => {
  expect(shown('/home/mmustermann/long tail/exp.sau')).toBe('exp.sau')
  expect(shown('saurun /home/mmustermann/lab-7/phd/exp.sau data=/home/mmustermann/long tail/x/y')).toBe(
    'saurun exp.sau data=y',
  )
  expect(shown('saurun /home/mmustermann/exp.sau data=/scratch/lab/cifar10 --seed 1')).toBe(
    'saurun exp.sau data=cifar10 --seed 1',
  )
  expect(shown('image_list("/net/lab42/data/", "lists/train.txt")')).toBe(
    'image_list("data", "lists/train.txt")',
  )
  expect(shown('cannot read C:\\Users\\mmustermann\\data\\a.png: gone')).toBe('cannot read a.png: gone')
  expect(shown('in /home/mmustermann or /tmp')).toBe('in . or tmp')
  expect(shown('../mmustermann/exp.sau')).toBe('../user/exp.sau')
})

test('machines and accounts are named by what they are', () => {
  expect(shown('process 7 on GPU07.cs.example.edu (mmustermann@gpu07)')).toBe('process 7 on host (user@host)')
})

test('shares, addresses, sums and pictures stay', () => {
  for (const text of ['3/4 of it', 'a and/or b', 'https://example.org/a/b/c', 'x / y', '1/2/3', 'gpu071']) {
    expect(shown(text)).toBe(text)
  }
  const png = `iVBORw0KGgo/home/tmp/${'A/b+'.repeat(40)}==`
  expect(shown(png)).toBe(png)
})

test('every text of a value is changed, and nothing else', () => {
  const value = {
    title: 'SAU',
    host: 'gpu07',
    recall: [0.1, null, undefined],
    files: new Map([['/a/b', ['/home/mmustermann/x']]]),
  }
  expect(anonymous(value, identity)).toEqual({
    title: 'SAU',
    host: 'host',
    recall: [0.1, null, undefined],
    files: new Map([['b', ['x']]]),
  })
})

test('this machine is known by its names, the account by the environment, common ones aside', () => {
  const found = identityHere({ hosts: ['node3.cluster'], places: ['/'] }, '/srv/here', {
    USER: 'mmustermann',
    HOME: '/home/mmustermann',
    LOGNAME: 'root',
  })
  expect(found.hosts).toEqual(expect.arrayContaining(['node3.cluster', 'node3']))
  expect(found.users).toContain('mmustermann')
  expect(found.users).not.toContain('root')
  expect(found.places).toEqual(expect.arrayContaining(['/srv/here', '/home/mmustermann']))
  expect(found.places).not.toContain('/')
  const named = identityHere({ hosts: ['test', 'lab'], words: ['test', 'cat'] }, '/srv/here', {
    USER: 'cat',
  })
  expect(named.hosts).not.toContain('test')
  expect(named.hosts).toContain('lab')
  expect(named.users).not.toContain('cat')
})
