// The settings of the group `fleet`: the exporters whose live calls `asterisk-ari-exporter fleet` tells.

import { bearerToken, nodeUrls, pemCertificates } from './shapes.ts'

export const FLEET = {
  nodes: {
    name: 'FLEET_NODES',
    description:
      'of `asterisk-ari-exporter fleet`: addresses of exporters whose live calls it shows, separated by commas, such as `https://pbx1.example.org:9745,https://pbx2.example.org:9745`',
    shape: nodeUrls,
  },
  token: {
    name: 'FLEET_NODES_TOKEN_FILE',
    description: 'file with the bearer token of these exporters (their HTTP_BEARER_TOKEN_FILE)',
    shape: bearerToken,
    isFile: true,
    isSecret: true,
  },
  ca: {
    name: 'FLEET_NODES_CA_FILE',
    description:
      'PEM file with the certificates of these exporters, or with that of their CA; needed unless a public CA signed them',
    shape: pemCertificates,
    isFile: true,
  },
} as const
