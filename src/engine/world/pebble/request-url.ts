/** The path and query of a request as Go takes them apart. Source: Go net/url. */

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** Pairs with a broken escape or a semicolon are left out, as Go does. */
function queryOf(text: string): URLSearchParams {
  const pairs = text.split('&').filter((pair) => {
    const broken = /%(?![\da-fA-F]{2})/.test(pair);
    return !broken && !pair.includes(';');
  });
  return new URLSearchParams(pairs.join('&'));
}

export function endpointOf(url: string): {
  readonly path: string;
  readonly query: URLSearchParams;
} {
  const [path = '', ...rest] = url.split('?');
  return { path: decoded(path), query: queryOf(rest.join('?')) };
}
