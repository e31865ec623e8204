/** Builds the sample site in a process of its own, as the command does. Arguments: project, records, out. */
import { buildSite } from '../../src/site/build-site.ts';

const [projectRoot = '', records = '', out = ''] = process.argv.slice(2);
await buildSite({ projectRoot, records, out, quiet: true });
