package dev.rookery.party;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed in and around a party. Plain values in, silence or a refusal out; the order of
 * the checks is part of the contract with clients (Gamend HTTP contract, section 10).
 */
final class PartyRules {
  private static final int MAX_SIZE_MIN = 2;

  private final Limits limits;

  PartyRules(Limits limits) {
    this.limits = limits;
  }

  FieldErrors errors(@Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
    return new FieldErrors()
        .number("max_size", maxSize, MAX_SIZE_MIN, limits.partySizeMax())
        .object("metadata", metadata, limits.metadataBytesMax());
  }

  int defaultMaxSize() {
    return Math.min(Party.MAX_SIZE_DEFAULT, limits.partySizeMax());
  }

  static void mustLead(Party party, PlayerId player) {
    if (!party.isLedBy(player)) {
      throw Refused.denied("not_leader");
    }
  }

  static void mayResize(Party party, @Nullable Integer maxSize) {
    if (maxSize != null && maxSize < party.members()) {
      throw Refused.conflict("too_small");
    }
  }

  /**
   * Whether a player may be invited who has no pending invite of this party.
   *
   * @param answered whether an earlier invite of this party has ended
   * @param pending how many invites the player holds
   */
  void mayInvite(boolean answered, long pending) {
    if (pending >= limits.partyInvitesMax()) {
      throw Refused.conflict("too_many_pending_invites");
    }
    if (answered) {
      throw Refused.conflict("already_answered");
    }
  }
}
