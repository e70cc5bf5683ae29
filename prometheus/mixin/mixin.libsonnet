// The dashboards and rules of this repository as a monitoring mixin, for Jsonnet 0.18 or later.
//
// How to evaluate it: prometheus/README.md, "As a mixin". The JSON files beside it are made from ../rules by `npm run rules`, because
// std.parseYaml of Jsonnet 0.18 ends at a text of several lines.
{
  grafanaDashboardFolder:: 'Asterisk',

  grafanaDashboards+:: {
    'asterisk-call-log.json': import '../../grafana/dashboards/asterisk-call-log.json',
    'asterisk-calls.json': import '../../grafana/dashboards/asterisk-calls.json',
    'asterisk-destinations.json': import '../../grafana/dashboards/asterisk-destinations.json',
    'asterisk-exporter.json': import '../../grafana/dashboards/asterisk-exporter.json',
    'asterisk-fleet.json': import '../../grafana/dashboards/asterisk-fleet.json',
    'asterisk-missed-calls.json': import '../../grafana/dashboards/asterisk-missed-calls.json',
    'asterisk-operators.json': import '../../grafana/dashboards/asterisk-operators.json',
    'asterisk-queues.json': import '../../grafana/dashboards/asterisk-queues.json',
    'asterisk-trunks.json': import '../../grafana/dashboards/asterisk-trunks.json',
    'asterisk-voice-quality.json': import '../../grafana/dashboards/asterisk-voice-quality.json',
    'asterisk-wallboard.json': import '../../grafana/dashboards/asterisk-wallboard.json',
  },

  prometheusRules+:: {
    groups+: (import 'recording.json').groups,
  },

  prometheusAlerts+:: {
    groups+: (import 'alerts.json').groups,
  },
}
