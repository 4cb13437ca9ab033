export const REPORTS = ['days', 'backlog', 'times', 'outcomes', 'topics', 'customers', 'work', 'hours'] as const
export type ReportName = (typeof REPORTS)[number]
