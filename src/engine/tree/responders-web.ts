/**
 * What stands in front of a web service, and what it shows of itself: ingress, traces, metrics, logs, dashboards.
 * Source: canonical/charm-relation-interfaces, interfaces/ingress v2, tracing v2 and prometheus_scrape v0;
 * the libraries loki_push_api v1 and grafana_dashboard v0 of their charms; juju-solutions/interface-http.
 * Not modelled: what Prometheus and Grafana write back of rules and dashboards that they refuse.
 */
import type { Json } from '../model/json.ts';
import type { Asked, Responder, Written } from './responder.ts';

/** A key of this side's databags as JSON; undefined where there is none that can be read. */
export function ourJson({ ours }: Asked, key: string): Json | undefined {
  const text = ours.app[key] ?? ours.unit[key];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The proxy publishes an application under the path of its model and name. */
function published(asked: Asked): Written {
  const name = ourJson(asked, 'name');
  const model = ourJson(asked, 'model');
  if (typeof name !== 'string' || typeof model !== 'string') return {};
  return { data: { ingress: { url: `http://ingress.example/${model}-${name}` } } };
}

const PORTS: Readonly<Record<string, number>> = {
  otlp_grpc: 4317,
  otlp_http: 4318,
  zipkin: 9411,
  tempo_http: 3200,
  tempo_grpc: 9096,
  jaeger_grpc: 14250,
  jaeger_thrift_http: 14268,
};

/** An address for each protocol that was asked for and is known. */
function receivers(asked: Asked): Written {
  const wanted = ourJson(asked, 'receivers');
  if (!Array.isArray(wanted)) return {};
  const known = (wanted as readonly Json[]).filter(
    (name): name is string => typeof name === 'string' && PORTS[name] !== undefined,
  );
  const made = known.map((name) => {
    const type = name.endsWith('grpc') ? 'grpc' : 'http';
    const host = `${asked.app}.example:${String(PORTS[name])}`;
    return { protocol: { name, type }, url: type === 'http' ? `http://${host}` : host };
  });
  return { data: { receivers: made } };
}

const METADATA = {
  model: '{{model}}',
  model_uuid: '00000000-0000-4000-8000-000000000000',
  application: '{{app}}',
  unit: '{{unit}}',
  charm_name: '{{app}}',
};

const INTERFACES = 'canonical/charm-relation-interfaces, interfaces/';

export const WEB: readonly Responder[] = [
  {
    interface: 'ingress',
    about: 'A proxy that publishes an application under an address of its own.',
    source: `${INTERFACES}ingress/v2`,
    provides: {
      app: 'traefik',
      about: 'Once it knows name, model and port, the proxy tells the address.',
      answers: published,
    },
    requires: {
      app: 'shop',
      about: 'Another charm asks to be published.',
      answers: [
        {
          data: { model: '"{{model}}"', name: '"{{app}}"', port: 8080 },
          unit: { host: '"{{app}}-0.example"' },
        },
      ],
    },
  },
  {
    interface: 'http',
    about: 'A web server and where it listens.',
    source: 'juju-solutions/interface-http (provides.py, requires.py)',
    provides: {
      app: 'apache',
      about: 'Each unit tells its host and port.',
      answers: [{ unit: { hostname: '192.0.2.20', port: '80' } }],
    },
    requires: {
      app: 'proxy',
      about: 'A proxy comes; it has nothing to tell.',
      answers: [],
    },
  },
  {
    interface: 'prometheus_scrape',
    about: 'Metrics that one side has and the other collects.',
    source: `${INTERFACES}prometheus_scrape/v0`,
    provides: {
      app: 'exporter',
      about: 'Another charm tells where its metrics are.',
      answers: [
        {
          data: {
            scrape_jobs: [{ metrics_path: '/metrics', static_configs: [{ targets: ['*:9100'] }] }],
            scrape_metadata: METADATA,
            alert_rules: {},
          },
          unit: {
            prometheus_scrape_unit_address: '192.0.2.20',
            prometheus_scrape_unit_name: '{{unit}}',
          },
        },
      ],
    },
    requires: {
      app: 'prometheus',
      about: 'Prometheus comes; it writes only of rules that it refuses.',
      answers: [],
    },
  },
  {
    interface: 'loki_push_api',
    about: 'Where logs are sent.',
    source: 'canonical/loki-operators, charms.loki_k8s.v1.loki_push_api',
    provides: {
      app: 'loki',
      about: 'Each unit of Loki tells where it takes logs.',
      answers: [
        {
          data: { promtail_binary_zip_url: {} },
          unit: { endpoint: { url: 'http://{{app}}.example:3100/loki/api/v1/push' } },
        },
      ],
    },
    requires: {
      app: 'agent',
      about: 'Another charm comes to send logs.',
      answers: [{ data: { metadata: METADATA, alert_rules: {} } }],
    },
  },
  {
    interface: 'grafana_dashboard',
    about: 'Dashboards that one side has and the other shows.',
    source: 'canonical/grafana-operators, charms.grafana_k8s.v0.grafana_dashboard',
    provides: {
      app: 'exporter',
      about: 'Another charm brings a list of dashboards with nothing in it.',
      answers: [
        { data: { dashboards: { templates: {}, uuid: '00000000-0000-4000-8000-000000000001' } } },
      ],
    },
    requires: {
      app: 'grafana',
      about: 'Grafana comes; it writes only of dashboards that it refuses.',
      answers: [],
    },
  },
  {
    interface: 'tracing',
    about: 'Where traces are sent, by protocol.',
    source: `${INTERFACES}tracing/v2`,
    provides: {
      app: 'tempo',
      about: 'Tempo tells an address for each protocol that is asked for.',
      answers: receivers,
    },
    requires: {
      app: 'shop',
      about: 'Another charm asks for a protocol.',
      answers: [{ data: { receivers: ['otlp_http'] } }],
    },
  },
];
