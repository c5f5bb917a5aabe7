/** A pipeline as a Jinja template, with the files it refers to, by their names beside it. */
export interface Template {
  main: string;
  files: Record<string, string>;
  /** Labels of what it reads. */
  labels: string[];
}

const BASE = `# A licence.
pipeline:
  type: composite
  transforms:
{% block reads %}
    - type: ReadFromKafka
      name: Inherited
      config: {topic: inherited, bootstrap_servers: b, format: RAW}
{% endblock %}
{% block more %}{% endblock %}
    - type: LogForTesting
      input: [{% block last %}Inherited{% endblock %}]
`;
const MACROS = `{% set prefix = 'projects/p/topics/' %}
{% macro topic_of(name) %}{{ prefix }}{{ name }}{% endmacro %}
{% macro clicks(name, topic='clicks', format='RAW') %}
    - type: ReadFromPubSub
      name: {{ name }}
      config:
        topic: {{ topic_of(topic) }}
        format: {{ format }}
{% endmacro %}
{% macro orders(topic) -%}
- type: ReadFromKafka
  name: {{ topic }}
  config: {topic: {{ topic }}, bootstrap_servers: b, format: RAW{% if topic == 'a' %}, max_read_time_seconds: 1{% endif %}}
{%- endmacro %}
`;

export const TEMPLATES: Record<string, Template> = {
  'extends another file': {
    main: `{% extends 'base.yaml' %}
{% block more %}
    - type: ReadFromPubSub
      name: Added
      config: {topic: projects/p/topics/t, format: RAW}
{% endblock %}
`,
    files: { 'base.yaml': BASE },
    labels: ['Inherited', 'Added'],
  },
  'replaces a block, and takes over what was in one': {
    main: `{% extends 'base.yaml' %}
Nothing of this is read.
{% set topic = 'own' %}
{% block reads %}
    - type: ReadFromKafka
      name: Own
      config: {topic: {{ topic }}, bootstrap_servers: b, format: RAW}
{% endblock %}
{% block last %}Own{% endblock %}
{% block more %}{{ super() }}
    - type: Create
      name: More
      config: {elements: [1]}
{% endblock %}
`,
    files: { 'base.yaml': BASE },
    labels: ['Own', 'More'],
  },
  'extends a file that extends another': {
    main: `{% extends 'middle.yaml' %}
{% block reads %}{{ super() }}
    - type: Create
      name: Here
      config: {elements: [1]}
{% endblock %}
`,
    files: {
      'middle.yaml': `{% extends 'base.yaml' %}
{% block reads %}{{ super() }}
    - type: Create
      name: Middle
      config: {elements: [2]}
{% endblock %}
`,
      'base.yaml': BASE,
    },
    labels: ['Inherited', 'Middle', 'Here'],
  },
  'calls macros of its own': {
    main: `{% macro read(name, topic) %}
    - type: ReadFromKafka
      name: {{ name }}
      config:
        topic: {{ topic }}
        bootstrap_servers: b
        format: RAW
{% endmacro %}
pipeline:
  transforms:
{{ read('One', 'a') }}
{{ read(topic='b', name="Two") }}
    - type: LogForTesting
      input: [One, Two]
`,
    files: {},
    labels: ['One', 'Two'],
  },
  'imports macros, which call others and have defaults': {
    main: `{% from 'macros.yaml' import clicks as read, orders %}
{% import 'macros.yaml' as all %}
pipeline:
  transforms:
{{ read('Clicks') }}
{{ all.clicks('Views', 'views') }}
    {{ orders('a') | indent(4) }}
    - type: LogForTesting
      input: [Clicks, Views, a]
`,
    files: { 'macros.yaml': MACROS },
    labels: ['Clicks', 'Views', 'a'],
  },
};
