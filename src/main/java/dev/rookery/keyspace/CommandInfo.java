package dev.rookery.keyspace;

import java.util.Set;

/**
 * A command as the table has it.
 *
 * @param name in lower case
 * @param arity number of arguments with the name; at least so many if negative
 * @param group heading under which documentation lists it
 * @param flags what kind of command it is
 * @param firstKey position of the first key; 0 if it has none
 * @param lastKey position of the last key, counted from the end if negative
 * @param keyStep distance from one key to the next
 */
public record CommandInfo(
    String name, int arity, String group, Set<Flag> flags, int firstKey, int lastKey, int keyStep) {

  /** A property of a command. */
  public enum Flag {
    /** May change the keyspace. */
    WRITE,
    /** May make it larger, so it is refused at the memory limit. */
    GROWS,
    /** Scripts may not call it. */
    NOT_FROM_SCRIPT,
    /** Redis has it and this keyspace refuses it. */
    NOT_SERVED,
    /** Redis has it from version 7.0 on. */
    SINCE_7
  }

  public CommandInfo {
    flags = Set.copyOf(flags);
  }

  public boolean is(Flag flag) {
    return flags.contains(flag);
  }
}
