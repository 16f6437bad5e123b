package dev.rookery.extension;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a party that is created, or the new ones of the party that the player leads.
 * Created by the server alone; later versions may add components. A null is what the client did not
 * send.
 *
 * @param userId the leader
 * @param maxSize how many members it can have
 */
public record PartyDraft(
    long userId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata) {
  public PartyDraft withMaxSize(int changed) {
    return new PartyDraft(userId, changed, metadata);
  }

  public PartyDraft withMetadata(Map<String, Object> changed) {
    return new PartyDraft(userId, maxSize, changed);
  }
}
