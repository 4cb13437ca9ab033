import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keepViews, views } from '../../api/desk'
import type { View } from '../../api/types'

/** One's saved searches, and how to change them. */
export function useViews() {
  const cache = useQueryClient()
  const { data } = useQuery({ queryKey: ['views'], queryFn: views, staleTime: 60_000, retry: false })
  const keep = useMutation({
    mutationFn: (kept: View[]) => keepViews(kept),
    onSuccess: (answer) => cache.setQueryData(['views'], answer),
  })
  return { views: data?.views ?? [], keep: keep.mutateAsync }
}
