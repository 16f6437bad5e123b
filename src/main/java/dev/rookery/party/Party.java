package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import java.util.Map;

/**
 * A party, without its members.
 *
 * @param leader a member
 * @param leaderName empty if none
 * @param maxSize how many members it can have
 * @param members how many it has
 * @param revision rises with every change of the party and of who is in it
 */
public record Party(
    PartyId id,
    PlayerId leader,
    String leaderName,
    int maxSize,
    Map<String, Object> metadata,
    int members,
    long revision,
    long createdMs,
    long updatedMs) {
  /** How many members a party can have if its leader does not say. */
  public static final int MAX_SIZE_DEFAULT = 4;

  boolean isFull() {
    return members >= maxSize;
  }

  boolean isLedBy(PlayerId player) {
    return leader.equals(player);
  }

  Party stored(PartyId stored) {
    return new Party(
        stored, leader, leaderName, maxSize, metadata, members, revision, createdMs, updatedMs);
  }

  Party withMembers(int count, long nowMs) {
    return new Party(
        id, leader, leaderName, maxSize, metadata, count, revision + 1, createdMs, nowMs);
  }

  Party with(int newMaxSize, Map<String, Object> newMetadata, long nowMs) {
    return new Party(
        id, leader, leaderName, newMaxSize, newMetadata, members, revision + 1, createdMs, nowMs);
  }
}
