/** The mock's desk is plain data that the tests may look at and change. */
export interface MockDesk {
  tickets: any[]
  failed: any[]
  undo: number
  similar: any[]
  /** Names of queues in which nobody may write. */
  readonly: string[]
  /** Names of queues that nobody sees. */
  unseen: string[]
  /** What stands in the outbox, before the one that always does. */
  waiting: any[]
  sessions: Map<string, string>
}
export function startMock(port?: number, count?: number): Promise<{ origin: string; desk: MockDesk; reports: string[]; close: () => Promise<void> }>
