package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;
import java.util.List;

/** Finds players who are online; what presence is, a later domain knows. */
@FunctionalInterface
public interface OnlinePlayersAfter {
  /** Players with a higher id, by ascending id. */
  List<PlayerId> find(Reader reader, PlayerId after, int max);
}
