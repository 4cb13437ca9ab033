import { expect, test } from 'vitest'
import { firstBelow, goesOn } from '../src/desk/ticket/below'

const room = (edge: number) => ({ top: 0, edge })

test('a letter is below as long as its head is', () => {
  expect(firstBelow([0, 300, 590, 900], 600)).toBe(2)
  expect(firstBelow([0, 300, 560], 600)).toBe(3)
  expect(firstBelow([], 600)).toBe(0)
})

test('what is read at the end stays in sight when the composer opens', () => {
  expect(goesOn({ top: 400, edge: 590 }, room(350), 600)).toBe(250)
})

test('a letter that fits keeps its beginning', () => {
  expect(goesOn({ top: 100, edge: 400 }, room(350), 600)).toBe(100)
  expect(goesOn({ top: 12, edge: 300 }, room(350), 600)).toBe(12)
})

test('of a letter longer than the screen, its end stays where it was read, and its middle is left alone', () => {
  expect(goesOn({ top: -400, edge: 590 }, room(350), 600)).toBe(250)
  expect(goesOn({ top: -400, edge: 900 }, room(350), 600)).toBe(0)
})

test('who reads further above is left alone, and so is everybody when the room grows', () => {
  expect(goesOn({ top: 700, edge: 900 }, room(350), 600)).toBe(0)
  expect(goesOn({ top: 400, edge: 590 }, room(600), 350)).toBe(0)
})
