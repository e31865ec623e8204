/**
 * Databases and streams that hand out a user: PostgreSQL, MySQL, MongoDB, Kafka, and S3.
 * Source: canonical/charm-relation-interfaces, interfaces/postgresql_client, mysql_client, mongodb_client and
 * kafka_client v0, s3 v0 and v1; data_interfaces v0 of data-platform-libs for `secret-user` and `secret-tls`.
 * Not modelled: the requests of data_interfaces v1, entities, prefixes, TLS of the database.
 */
import type { Json } from '../model/json.ts';
import type { AnswerRule, Responder } from './responder.ts';

const USER = 'relation-{{relation}}';
const PASSWORD = 'not-a-secret';
const HOST = '{{app}}-primary.example';

/** As plain text where no secrets are asked for, else in a secret of its own. */
function user(asks: string, more: Readonly<Record<string, string>>): readonly AnswerRule[] {
  const credentials = { username: USER, password: PASSWORD, ...more };
  return [
    { when: { [asks]: true }, unless: ['requested-secrets'], data: credentials },
    {
      when: { [asks]: true, 'requested-secrets': 'username' },
      data: { 'secret-user': '{{secret.user}}' },
      secrets: { user: credentials },
    },
    {
      when: { [asks]: true, 'requested-secrets': 'tls' },
      data: { 'secret-tls': '{{secret.tls}}' },
      secrets: { tls: { tls: 'False' } },
    },
  ];
}

type Database = {
  readonly app: string;
  readonly called: string;
  readonly port: number;
  readonly scheme: string;
  readonly version: string;
  readonly more?: Readonly<Record<string, Json>>;
};

function database(
  name: string,
  { app, called, port, scheme, version, more = {} }: Database,
): Responder {
  const endpoints = `${HOST}:${port}`;
  const uris = `${scheme}://${USER}:${PASSWORD}@${endpoints}/{{our.database}}`;
  return {
    interface: name,
    about: `A database of ${called}, and a user who may use it.`,
    source: `canonical/charm-relation-interfaces, interfaces/${name}/v0`,
    provides: {
      app,
      about: `Once a database is asked for, ${called} makes it and a user.`,
      answers: [
        {
          when: { database: true },
          data: { database: '{{our.database}}', endpoints, version, ...more },
        },
        ...user('database', { uris }),
      ],
    },
    requires: {
      app: 'shop',
      about: 'Another charm asks for a database that is called like itself.',
      answers: [
        {
          data: {
            database: '{{app}}',
            'requested-secrets': ['username', 'password', 'tls', 'tls-ca', 'uris'],
            'external-node-connectivity': 'false',
          },
        },
      ],
    },
  };
}

const KAFKA: Responder = {
  interface: 'kafka_client',
  about: 'A topic of Kafka, and a user who may use it.',
  source: 'canonical/charm-relation-interfaces, interfaces/kafka_client/v0',
  provides: {
    app: 'kafka',
    about: 'Once a topic is asked for, Kafka makes it and a user.',
    answers: [
      {
        when: { topic: true },
        data: {
          topic: '{{our.topic}}',
          endpoints: `${HOST}:9092`,
          'consumer-group-prefix': `${USER}-`,
        },
      },
      ...user('topic', {}),
    ],
  },
  requires: {
    app: 'shop',
    about: 'Another charm asks for a topic that is called like itself.',
    answers: [
      {
        data: {
          topic: '{{app}}',
          'extra-user-roles': 'consumer,producer',
          'requested-secrets': ['username', 'password', 'tls', 'tls-ca', 'uris'],
        },
      },
    ],
  },
};

const KEYS = { 'access-key': 'not-an-access-key', 'secret-key': 'not-a-secret-key' };

const S3: Responder = {
  interface: 's3',
  about: 'A bucket of an object store, and the keys to it.',
  source: 'canonical/charm-relation-interfaces, interfaces/s3/v0 and v1',
  provides: {
    app: 's3-integrator',
    about: 'The integrator tells of its bucket, whatever is asked for.',
    answers: [
      {
        data: {
          bucket: '{{us}}',
          endpoint: 'https://s3.example',
          region: 'us-east-1',
          path: '{{us}}',
          's3-uri-style': 'path',
        },
      },
      { when: { bucket: true }, data: { bucket: '{{our.bucket}}' } },
      { unless: ['requested-secrets'], data: KEYS },
      {
        when: { 'requested-secrets': true },
        data: { 'secret-extra': '{{secret.extra}}' },
        secrets: { extra: KEYS },
      },
    ],
  },
  requires: {
    app: 'archive',
    about: 'Another charm asks for a bucket that is called like itself.',
    answers: [{ data: { bucket: '{{app}}' } }],
  },
};

export const DATABASES: readonly Responder[] = [
  database('postgresql_client', {
    app: 'postgresql',
    called: 'PostgreSQL',
    port: 5432,
    scheme: 'postgresql',
    version: '14.12',
  }),
  database('mysql_client', {
    app: 'mysql',
    called: 'MySQL',
    port: 3306,
    scheme: 'mysql',
    version: '8.0.37',
  }),
  database('mongodb_client', {
    app: 'mongodb',
    called: 'MongoDB',
    port: 27017,
    scheme: 'mongodb',
    version: '6.0.6',
    more: { replset: '{{app}}' },
  }),
  KAFKA,
  S3,
];
