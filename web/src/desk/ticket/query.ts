import { queryOptions, useQuery } from '@tanstack/react-query'
import { customer, ticket } from '../../api/desk'

export const ticketQuery = (number: string) => queryOptions({ queryKey: ['ticket', number], queryFn: () => ticket(number) })

export const useCustomer = (email: string) =>
  useQuery({ queryKey: ['customer', email], queryFn: () => customer(email), enabled: Boolean(email), retry: false, staleTime: 60_000 })
