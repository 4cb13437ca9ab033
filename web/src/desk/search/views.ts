import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { keepViews, views } from '../../api/desk'
import type { View } from '../../api/types'

/** One's saved searches, and how to change them: as they are now, not as they were when this page was opened. */
export function useViews() {
  const cache = useQueryClient()
  const { data } = useQuery({ queryKey: ['views'], queryFn: views, staleTime: 60_000, retry: false })
  const keep = useMutation({
    mutationFn: async (change: (kept: View[]) => View[]) => keepViews(change((await views()).views)),
    onSuccess: (answer) => cache.setQueryData(['views'], answer),
  })
  return { views: data?.views ?? [], keep: keep.mutateAsync }
}
