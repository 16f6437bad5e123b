package dev.rookery.console;

/**
 * A passkey of an admin, as they see it.
 *
 * @param usedMs when it was used last; 0 if never
 * @param counter of signatures, as the device counts them; 0 if it does not
 * @param synced whether it may be on several devices
 */
public record Passkey(
    String id, String name, long createdMs, long usedMs, long counter, boolean synced) {}
