/** The style sheet and the script, as files beside the pages: links to them are relative, so no bundler names them. */
import type { APIRoute } from 'astro';
import { siteContext } from '../../site/context.ts';

const TYPES = { 'site.css': 'text/css', 'site.js': 'text/javascript' } as const;

export function getStaticPaths() {
  return Object.keys(TYPES).map((name) => ({ params: { name } }));
}

export const GET: APIRoute = async ({ params }) => {
  const name = params['name'] as keyof typeof TYPES;
  return new Response(await siteContext().asset(name), {
    headers: { 'content-type': TYPES[name] },
  });
};
