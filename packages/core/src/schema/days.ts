/** Days in ms, for windows. */
export const days = (count: number): number => count * 86_400_000
