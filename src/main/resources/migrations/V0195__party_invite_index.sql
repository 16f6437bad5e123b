-- The change of an invite's state is no change of an index. A player has few invites that are not
-- pending, of leaders whose parties are open; those of a sender are in party_invite_pair.
DROP INDEX party_invite_recipient;
DROP INDEX party_invite_sender;
CREATE INDEX party_invite_to ON party_invite (recipient_id, id);
${room_for_invites}
