package dev.rookery.party;

import dev.rookery.base.Page;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands of parties. All that name a player refuse {@code Missing("player_not_found")} if
 * there is no such player. Idempotency keys are 1 to 200 characters, or null.
 */
public sealed interface PartyCommand<R> extends Command<R> {
  String ADDRESS = "party";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A command that changes parties or invites. */
  sealed interface Change<R> extends PartyCommand<R> {}

  /** A change by a player. */
  sealed interface ByPlayer<R> extends Change<R> {
    /** The player whose command it is. */
    PlayerId player();
  }

  /** A change of any party by the server. {@code Missing("not_found")} if it is not open. */
  sealed interface ByServer<R> extends Change<R> {
    PartyId party();
  }

  /**
   * Creates a party with the player as its leader and only member. {@code
   * Conflict("already_in_party")}; invalid {@code max_size}, {@code metadata}.
   *
   * @param maxSize 2 to 32; null for 4
   * @param metadata null for none
   */
  record Create(
      PlayerId player,
      @Nullable Integer maxSize,
      @Nullable Map<String, Object> metadata,
      @Nullable String idempotencyKey)
      implements ByPlayer<PartySnapshot> {}

  /**
   * Changes the settings of the party that the player leads. {@code Conflict}: {@code
   * not_in_party}, {@code too_small} (there are more members); {@code Denied("not_leader")};
   * invalid as in {@link Create}.
   *
   * @param maxSize null to keep it
   * @param metadata null to keep it
   */
  record Update(PlayerId player, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata)
      implements ByPlayer<PartySnapshot> {}

  /** Leaves the party, if in one; a leader disbands it. */
  record Leave(PlayerId player, @Nullable String idempotencyKey) implements ByPlayer<Done> {}

  /**
   * Removes a member. {@code Conflict}: {@code not_in_party} for the player, {@code
   * target_not_in_party}; {@code Denied}: {@code not_leader}, {@code cannot_kick_self}; {@code
   * Missing("user_not_found")}.
   */
  record Kick(PlayerId player, PlayerId target, @Nullable String idempotencyKey)
      implements ByPlayer<Done> {}

  /**
   * Invites a friend of the leader, or a player who shares a group with them; does nothing if the
   * invite is pending already. {@code Conflict}: {@code not_in_party}, {@code blocked}, {@code
   * too_many_pending_invites} of the target, {@code already_answered} (an earlier invite by this
   * leader has ended); {@code Denied}: {@code not_leader}, {@code not_connected}; {@code
   * Missing("user_not_found")}.
   */
  record Invite(PlayerId player, PlayerId target) implements ByPlayer<Done> {}

  /**
   * Withdraws a pending invite, if there is one. {@code Conflict("not_in_party")}, {@code
   * Denied("not_leader")}.
   */
  record CancelInvite(PlayerId player, PlayerId target) implements ByPlayer<Done> {}

  /**
   * Accepts a pending invite; leaves another party first. {@code Missing}: {@code no_invite},
   * {@code party_not_found}. {@code Denied("party_full")}: then the invite is declined, and the
   * other party was left nevertheless.
   */
  record Accept(PlayerId player, PartyId party, @Nullable String idempotencyKey)
      implements ByPlayer<PartySnapshot> {}

  /** Declines a pending invite, if there is one. */
  record Decline(PlayerId player, PartyId party) implements ByPlayer<Done> {}

  /**
   * Changes the settings of any party. {@code Conflict("too_small")} if there are more members;
   * invalid as in {@link Create}.
   *
   * @param maxSize null to keep it
   * @param metadata null to keep it
   * @param revision that the admin has read: {@code Conflict("revision_conflict")} if the party has
   *     another one; null to change it whatever was read
   */
  record UpdateAny(
      PartyId party,
      @Nullable Integer maxSize,
      @Nullable Map<String, Object> metadata,
      @Nullable Long revision)
      implements ByServer<PartySnapshot> {}

  /** Ends any party, as its leader does by leaving. */
  record Disband(PartyId party) implements ByServer<Done> {}

  /**
   * Removes a member of any party, who is told so in the name of the leader. {@code
   * Denied("cannot_kick_leader")}, {@code Missing("user_not_found")}, {@code
   * Conflict("target_not_in_party")}.
   */
  record KickFromAny(PartyId party, PlayerId target) implements ByServer<Done> {}

  /** Any party. {@code Missing("not_found")} if it is not open. */
  record Find(PartyId party) implements PartyCommand<PartySnapshot> {}

  /** All parties, newest first. */
  record ListAll(Page.Request page) implements PartyCommand<Page<Party>> {}

  /**
   * A part of the list of all open parties, for those who read it to its end: the newest first.
   *
   * @param after the last party of the part before; null for the first part
   */
  record ListAfter(@Nullable PartyId after, int max) implements PartyCommand<List<Party>> {}

  /** How many players are in a party; reads all open parties. */
  record CountMembers() implements PartyCommand<Long> {}

  /** The party that the player is in. {@code Missing("not_in_party")}. */
  record Show(PlayerId player) implements PartyCommand<PartySnapshot> {}

  /**
   * The party, for a member who follows its stream from the position. {@code
   * Denied("not_a_member")}.
   */
  record Watch(PlayerId player, PartyId party) implements PartyCommand<PartySnapshot> {}

  /** The pending invites to a player, newest first. */
  record ListInvites(PlayerId player) implements PartyCommand<List<PartyInvite>> {}

  /** The pending invites by a player, newest first; at most 1,000. */
  record ListSentInvites(PlayerId player) implements PartyCommand<List<PartyInvite>> {}
}
