/** Programs that change or tell of packages, by name. */
import { updateAlternatives } from './alternatives.ts';
import { apt } from './apt.ts';
import { aptCache } from './apt-cache.ts';
import { aptGet } from './apt-get.ts';
import { aptMark } from './apt-mark.ts';
import { addAptRepository, aptKey } from './apt-repository.ts';
import { debconfSetSelections, debconfShow } from './debconf.ts';
import { dpkg } from './dpkg.ts';
import { dpkgQuery } from './dpkg-query.ts';
import type { Program } from './program.ts';

export const PACKAGE_PROGRAMS: Readonly<Record<string, Program>> = {
  'add-apt-repository': addAptRepository,
  apt,
  'apt-add-repository': addAptRepository,
  'apt-cache': aptCache,
  'apt-get': aptGet,
  'apt-key': aptKey,
  'apt-mark': aptMark,
  'debconf-set-selections': debconfSetSelections,
  'debconf-show': debconfShow,
  dpkg,
  'dpkg-query': dpkgQuery,
  'update-alternatives': updateAlternatives,
};
