/** Words that ids are made of: lower-case letters and digits with single hyphens between. They name files and pages. */

export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The nearest slug to a text: `bad slug!` gives `bad-slug`; empty when nothing of it can stay. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
