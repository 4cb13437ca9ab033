/** Where one was in the list, for coming back and for stepping to the neighbours. Lives as long as the page. */
export const place = {
  list: '' as string,
  numbers: [] as string[],
  current: null as string | null,
  offset: 0,
  search: {} as Record<string, string>,
}

export function neighbour(number: string, step: 1 | -1): string | undefined {
  const at = place.numbers.indexOf(number)
  return at < 0 ? undefined : place.numbers[at + step]
}
