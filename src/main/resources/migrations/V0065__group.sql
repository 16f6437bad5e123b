-- Groups of players that last. Who belongs to one is said by group_membership; members and admins
-- count them, in the same transaction.
CREATE TABLE player_group (
  id          ${identity},
  title       TEXT    NOT NULL,
  -- the title as it is searched for
  title_key   TEXT${by_code_point} NOT NULL,
  description TEXT    NOT NULL,
  -- public: anybody joins; private: admins admit; hidden: only by invite, and known to members alone
  type        TEXT    NOT NULL,
  members_max INTEGER NOT NULL,
  metadata    TEXT    NOT NULL,
  creator_id  BIGINT,
  slowdown_s  INTEGER NOT NULL,
  members     INTEGER NOT NULL CHECK (members >= 0),
  -- the members who are owners or admins
  admins      INTEGER NOT NULL CHECK (admins >= 0),
  created_ms  BIGINT  NOT NULL,
  updated_ms  BIGINT  NOT NULL,
  -- A closed group is gone for everybody; its row waits until its messages are deleted.
  closed_ms   BIGINT
);

CREATE UNIQUE INDEX player_group_title ON player_group (title) WHERE closed_ms IS NULL;
CREATE INDEX player_group_title_key ON player_group (title_key, id) WHERE closed_ms IS NULL;
CREATE INDEX player_group_creator ON player_group (creator_id) WHERE creator_id IS NOT NULL;
CREATE INDEX player_group_closed ON player_group (id) WHERE closed_ms IS NOT NULL;

-- What a player is to a group, at most one row for both.
CREATE TABLE group_membership (
  id         ${identity},
  group_id   BIGINT  NOT NULL REFERENCES player_group (id) ON DELETE CASCADE,
  -- No reference: the deletion of a player leaves the group as a command, which counts.
  player_id  BIGINT  NOT NULL,
  -- 0 owner, 1 admin, 2 member, 3 asked to join, 4 banned, 5 asked to join and was declined
  role       INTEGER NOT NULL,
  created_ms BIGINT  NOT NULL,
  -- since when the player is a member; NULL if they are none
  joined_ms  BIGINT
);

CREATE UNIQUE INDEX group_membership_pair ON group_membership (group_id, player_id);
CREATE INDEX group_membership_player ON group_membership (player_id, role, group_id);
CREATE INDEX group_membership_joined ON group_membership (group_id, joined_ms, id)
  WHERE joined_ms IS NOT NULL;
CREATE INDEX group_membership_admin ON group_membership (group_id, joined_ms, id) WHERE role <= 1;
CREATE INDEX group_membership_requested ON group_membership (group_id, id) WHERE role = 3;

-- The latest invite of a player to a group.
CREATE TABLE group_invite (
  id           ${identity},
  group_id     BIGINT NOT NULL REFERENCES player_group (id) ON DELETE CASCADE,
  sender_id    BIGINT NOT NULL,
  recipient_id BIGINT NOT NULL,
  -- pending, accepted or declined; a cancelled invite is deleted
  state        TEXT   NOT NULL,
  created_ms   BIGINT NOT NULL
);

CREATE UNIQUE INDEX group_invite_pair ON group_invite (recipient_id, group_id);
CREATE INDEX group_invite_recipient ON group_invite (recipient_id, state, id);
CREATE INDEX group_invite_sender ON group_invite (sender_id, state, id);
CREATE INDEX group_invite_group ON group_invite (group_id, state);
