package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerSummary;
import dev.rookery.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parties of a {@link PartyBatch} and who is in them, as the commands before have left them. It
 * moves players, and appends the events of that when everything is written. A player moves at most
 * once in a batch; a second command about the player is retried in the next one.
 *
 * <p>No rule is checked here: the batch has decided that the player may.
 */
final class PartyRoster {
  private final Transaction tx;
  private final PartyDependencies with;
  private final PartyReadSet read;
  private final PartyWriteSet writes;
  private final PartyInvites invites;
  private final Consumer<PartyChange> counted;
  private final long nowMs;

  private final Map<PartyId, Party> parties = new HashMap<>();
  private final Set<PlayerId> moved = new HashSet<>();

  /**
   * @param counted gets each change that is made
   */
  PartyRoster(
      Transaction tx,
      PartyDependencies with,
      PartyReadSet read,
      PartyWriteSet writes,
      PartyInvites invites,
      Consumer<PartyChange> counted) {
    this.tx = tx;
    this.with = with;
    this.read = read;
    this.writes = writes;
    this.invites = invites;
    this.counted = counted;
    this.nowMs = tx.now().toEpochMilli();
  }

  /** Begins with the parties as they were locked. */
  void begin() {
    parties.putAll(read.parties());
  }

  // Look up.

  /** Null if there is no such player. */
  @Nullable PlayerSummary player(PlayerId id) {
    if (moved.contains(id)) {
      throw PartyBatch.RETRY;
    }
    return read.player(id);
  }

  boolean isMoved(PlayerSummary player) {
    return moved.contains(player.id());
  }

  /** The party of a player; null if in none. */
  @Nullable Party partyOf(PlayerSummary player) {
    PartyId id = player.party();
    if (id == null) {
      return null;
    }
    Party found = parties.get(id);
    if (found == null || writes.isDisbanded(id)) {
      // The player joined it after the parties were locked.
      throw PartyBatch.RETRY;
    }
    return found;
  }

  /** The party of a player, who must lead it. */
  Party requireLed(PlayerSummary player) {
    Party party = partyOf(player);
    if (party == null) {
      throw Refused.conflict("not_in_party");
    }
    PartyRules.mustLead(party, player.id());
    return party;
  }

  /** The party that a player led when it was looked up; {@code Missing("not_found")}. */
  Party requireOpen(PartyId id, PlayerSummary leader) {
    Party party = partyOf(leader);
    if (party == null || !party.id().equals(id)) {
      throw Refused.missing("not_found");
    }
    return party;
  }

  /** A party that a player is about to join; {@code Missing("party_not_found")}. */
  Party requireJoinable(PartyId id) {
    if (writes.isDisbanded(id)) {
      throw PartyBatch.RETRY;
    }
    Party found = parties.get(id);
    if (found == null) {
      throw Refused.missing("party_not_found");
    }
    return found;
  }

  /** A party that a command has changed. */
  Party shown(PartyId id) {
    return Objects.requireNonNull(parties.get(id));
  }

  // Change.

  /**
   * Creates a party.
   *
   * @param maxSize null for that of the server
   * @param metadata null for none
   * @return the party, whose id is known when it is written
   */
  Party create(
      PlayerSummary leader, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
    moved.add(leader.id());
    var party =
        new Party(
            new PartyId(-1),
            leader.id(),
            leader.displayName(),
            maxSize == null ? with.rules().defaultMaxSize() : maxSize,
            metadata == null ? Map.of() : metadata,
            1,
            1,
            nowMs,
            nowMs);
    writes.create(party);
    counted.accept(PartyChange.CREATED);
    return party;
  }

  /**
   * Changes the settings of a party, whose members must be shown.
   *
   * @param maxSize null to keep it
   * @param metadata null to keep it
   */
  Party update(Party before, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
    Party after =
        before.with(
            maxSize == null ? before.maxSize() : maxSize,
            metadata == null ? before.metadata() : metadata,
            nowMs);
    put(after);
    writes.tell(
        shown ->
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Changed(after, shown.getOrDefault(after.id(), List.of()))));
    return after;
  }

  void join(Party party, PlayerSummary player) {
    Party after = party.withMembers(party.members() + 1, nowMs);
    put(after);
    moved.add(player.id());
    writes.join(player.id(), party.id());
    counted.accept(PartyChange.JOINED);
    writes.tell(
        _ -> {
          Player entered = writes.joined(player.id());
          writes.tellLobby(entered);
          tx.append(Topic.party(after.id()), new PartyEvent.Joined(after, entered));
        });
  }

  /** A member leaves; the party is disbanded if it is its leader. */
  void leave(Party party, PlayerSummary player) {
    if (party.isLedBy(player.id())) {
      disband(party);
    } else {
      Party after = remove(party, player);
      counted.accept(PartyChange.LEFT);
      writes.tell(
          _ -> {
            Player gone = writes.left(player.id());
            writes.tellLobby(gone);
            tx.append(
                Topic.party(after.id()),
                new PartyEvent.Left(after, player.id(), gone.displayName()));
          });
    }
  }

  /** Takes a member out of the party, who is not its leader. */
  private Party remove(Party party, PlayerSummary member) {
    Party after = party.withMembers(party.members() - 1, nowMs);
    put(after);
    moved.add(member.id());
    writes.leave(member.id(), party.id());
    invites.dropTo(member.id(), party.id());
    return after;
  }

  /** Takes a member out of the party, who is not its leader, and notifies that player. */
  void kick(Party party, PlayerSummary target) {
    Party after = remove(party, target);
    writes.notify(PartyNotifications.kicked(party.id(), party.leader(), target.id()));
    counted.accept(PartyChange.KICKED);
    writes.tell(
        _ -> {
          Player gone = writes.left(target.id());
          writes.tellLobby(gone);
          tx.append(
              Topic.party(after.id()),
              new PartyEvent.Kicked(after, target.id(), gone.displayName()));
        });
  }

  void disband(Party party) {
    List<PlayerSummary> all = read.members(party.id());
    // Nobody joins or leaves a locked party but by this batch.
    if (all == null || all.size() != party.members() || all.stream().anyMatch(this::isMoved)) {
      throw PartyBatch.RETRY;
    }
    all.forEach(
        member -> {
          moved.add(member.id());
          writes.leave(member.id(), party.id());
        });
    Party after = party.withMembers(0, nowMs);
    parties.put(after.id(), after);
    writes.disband(after);
    counted.accept(PartyChange.DISBANDED);
    writes.tell(
        _ -> {
          all.forEach(member -> writes.tellLobby(writes.left(member.id())));
          tx.append(Topic.party(after.id()), new PartyEvent.Disbanded(after));
        });
  }

  private void put(Party party) {
    parties.put(party.id(), party);
    writes.save(party);
  }
}
