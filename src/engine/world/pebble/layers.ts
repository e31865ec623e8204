/** POST /v1/layers and GET /v1/plan. Source: pebble daemon/api_plan.go. */
import { castDraft } from 'immer';
import type { Answer } from '../../model/request.ts';
import { badRequest, failure, quoted, sync } from './answer.ts';
import type { Asked, Handler } from './asked.ts';
import { planChanged } from './check-plan.ts';
import { parseLayer } from './layer-decode.ts';
import { addLayer, InnerError, planOfContainer } from './layer-list.ts';
import { FormatError, NotModelled, type LayerData } from './plan.ts';
import { planYaml } from './plan-yaml.ts';
import { isWrong, payloadOf } from './payload.ts';

export const getPlan: Handler = ({ query, container }) => {
  const format = query.get('format') ?? '';
  if (format !== 'yaml') return badRequest(`invalid format ${quoted(format)}`);
  return sync(planYaml(planOfContainer(container)));
};

/** The work's value, or the answer to what it refuses. */
function answering<Value>(
  prefix: string,
  work: () => Value,
): { value: Value } | { answer: Answer } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof FormatError) return { answer: badRequest(`${prefix}${error.message}`) };
    if (error instanceof InnerError) return { answer: failure(500, error.message) };
    if (error instanceof NotModelled)
      return { answer: { kind: 'unsupported', what: error.message } };
    throw error;
  }
}

type Adding = { readonly label: string; readonly combine: boolean; readonly inner: boolean };

function add(asked: Asked, layer: LayerData, { label, combine, inner }: Adding): Answer {
  const added = answering('', () =>
    addLayer(asked.container, { label, layer }, { combine, inner }),
  );
  if ('answer' in added) return added.answer;
  asked.change((container) => {
    container.layers = castDraft([...added.value]);
    planChanged(container, asked.now);
  });
  return sync(true);
}

export const postLayers: Handler = (asked) => {
  const payload = payloadOf(asked.body, {
    action: 'string',
    combine: 'bool',
    inner: 'bool',
    label: 'string',
    format: 'string',
    layer: 'string',
  });
  if (isWrong(payload)) return badRequest(`cannot decode request body: ${payload.wrong}`);
  if (payload.action !== 'add') return badRequest(`invalid action ${quoted(payload.action)}`);
  if (payload.label === '') return badRequest('label must be set');
  if (payload.format !== 'yaml') return badRequest(`invalid format ${quoted(payload.format)}`);
  const parsed = answering('cannot parse layer YAML: ', () =>
    parseLayer(payload.label, payload.layer),
  );
  return 'answer' in parsed ? parsed.answer : add(asked, parsed.value, payload);
};
