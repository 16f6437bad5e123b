-- Who somebody is at the issuer of OpenID Connect: the issuer's name and his id there.
ALTER TABLE player ADD COLUMN openid_id TEXT;
CREATE UNIQUE INDEX player_openid ON player (openid_id) WHERE openid_id IS NOT NULL;

-- Sign-ins that are on their way to a provider and back. Only the digest of a state is kept, and no
-- token: tokens are made when they are asked for.
CREATE TABLE provider_flow (
  digest     TEXT   NOT NULL PRIMARY KEY,
  provider   TEXT   NOT NULL,
  verifier   TEXT   NOT NULL,
  nonce      TEXT   NOT NULL,
  -- whose account is to be linked, or who came in by it; null for nobody yet, 0 for one who is gone
  player_id  BIGINT,
  -- of a flow that began on a page: where its browser goes on, and the digest of what it is known
  -- by; null for an app, which asks
  return_to  TEXT,
  browser    TEXT,
  -- what limits count as one client
  network    TEXT   NOT NULL,
  -- pending, underway, returned, completed, error
  status     TEXT   NOT NULL,
  -- what came of it, as JSON
  outcome    TEXT   NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
)${by_key};

CREATE INDEX provider_flow_player ON provider_flow (player_id) WHERE player_id IS NOT NULL;
CREATE INDEX provider_flow_network ON provider_flow (network);
CREATE INDEX provider_flow_expires ON provider_flow (expires_ms);
