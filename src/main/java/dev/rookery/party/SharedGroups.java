package dev.rookery.party;

import dev.rookery.base.PlayerId;
import dev.rookery.store.Reader;

/**
 * Whether there is a group of which both players are members. Groups are a later domain, so the
 * node connects the two.
 */
@FunctionalInterface
public interface SharedGroups {
  boolean shareGroup(Reader reader, PlayerId one, PlayerId other);
}
