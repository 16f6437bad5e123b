-- Parties. player.party_id says who is in one; members counts them, in the same transaction.
CREATE TABLE party (
  id         ${identity},
  -- a member
  leader_id  BIGINT  NOT NULL,
  max_size   INTEGER NOT NULL,
  metadata   TEXT    NOT NULL,
  members    INTEGER NOT NULL CHECK (members >= 0 AND members <= max_size),
  revision   BIGINT  NOT NULL,
  created_ms BIGINT  NOT NULL,
  updated_ms BIGINT  NOT NULL,
  -- A disbanded party exists for nobody; its row is deleted after its messages.
  closed_ms  BIGINT
)${often_updated};

CREATE UNIQUE INDEX party_leader ON party (leader_id) WHERE closed_ms IS NULL;
CREATE INDEX party_closed ON party (id) WHERE closed_ms IS NOT NULL;

CREATE INDEX player_party ON player (party_id, id) WHERE party_id IS NOT NULL;

-- Invites into open parties. Of each sender and recipient there is at most one, whatever its state:
-- a player who declined is not asked again by the same party.
CREATE TABLE party_invite (
  id           ${identity},
  party_id     BIGINT NOT NULL REFERENCES party (id) ON DELETE CASCADE,
  sender_id    BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  recipient_id BIGINT NOT NULL REFERENCES player (id) ON DELETE CASCADE,
  -- pending, accepted, declined or cancelled
  state        TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL,
  -- of the last change of the state
  changed_ms   BIGINT NOT NULL
);

CREATE UNIQUE INDEX party_invite_pair ON party_invite (sender_id, recipient_id);
CREATE INDEX party_invite_recipient ON party_invite (recipient_id, state, id);
CREATE INDEX party_invite_party ON party_invite (party_id);
