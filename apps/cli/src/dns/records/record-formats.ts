/** How records are printed to be entered by hand. */
export const recordFormats = ['bind', 'windows', 'route53-json', 'text'] as const;
export type RecordFormat = (typeof recordFormats)[number];
