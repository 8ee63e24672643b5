/** The files of a small undated pack, for tests that change one of them. */

export const PACK_YAML = `name: gym
description: Members of a gym
entity: { name: member, key: member_id }
sources:
  raw_members:
    files: ['members*.csv']
    grain: one row a member
    description: All members
    columns: { member_id: STRING, left: STRING, visits: INTEGER }
horizons: [30]
undated:
  table: silver.members
  target: { column: left, positive: ['yes'] }
features: { table: gold.member_features, key_columns: [member_id] }
value:
  assumption: assumed
  currency: EUR
  monthly_revenue: { column: visits }
  months: 6
  contact_cost: 1
  offer_cost: 5
  acceptance: 0.2
tiers:
  ladder:
    - { name: RED, horizon: 30 }
  otherwise: GREEN
lists:
  desk: { table: gold.list_desk, tier: RED, columns: [visits] }
`;

export const FILES: Readonly<Record<string, string>> = {
  'pack.yaml': PACK_YAML,
  'features.yaml': `features:
  visits: { type: numeric, range: [0, 31], source: snapshot, window: snapshot, label: Visits }
`,
  'playbook.yaml': `tiers:
  RED: { action: Call, owner: Desk, sla: 1 day }
  GREEN: { action: Nothing, owner: Nobody, sla: N/A }
drivers:
  visits: Invite to a class
`,
  'expectations.yaml': `tables:
  silver.members:
    - { name: member_is_known, expect: member_id IS NOT NULL, action: fail }
`,
  'sql/silver/members.sql': `-- grain: one row a member
-- owner: desk
-- keys: member_id
-- description: Members, trimmed
--   and typed.

SELECT member_id, 'a;b' AS joined FROM bronze.raw_members
`,
  'sql/gold/member_features.sql': `-- grain: one row a member
-- owner: desk
-- keys: member_id
-- description: Features.
SELECT member_id, visits FROM known.snapshot
`,
};
