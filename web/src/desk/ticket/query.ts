import { queryOptions } from '@tanstack/react-query'
import { ticket } from '../../api/desk'

export const ticketQuery = (number: string) => queryOptions({ queryKey: ['ticket', number], queryFn: () => ticket(number) })
