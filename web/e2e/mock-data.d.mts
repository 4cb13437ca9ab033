/** HTML that tries everything. */
export const hostile: string
