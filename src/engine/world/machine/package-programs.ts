/** Programs that change or tell of packages, by name. */
import { apt } from './apt.ts';
import { aptCache } from './apt-cache.ts';
import { aptGet } from './apt-get.ts';
import { aptMark } from './apt-mark.ts';
import { dpkg } from './dpkg.ts';
import { dpkgQuery } from './dpkg-query.ts';
import type { Program } from './program.ts';

export const PACKAGE_PROGRAMS: Readonly<Record<string, Program>> = {
  apt,
  'apt-cache': aptCache,
  'apt-get': aptGet,
  'apt-mark': aptMark,
  dpkg,
  'dpkg-query': dpkgQuery,
};
