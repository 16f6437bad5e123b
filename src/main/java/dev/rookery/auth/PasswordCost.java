package dev.rookery.auth;

/**
 * How much work a new Argon2id hash takes. Each hash carries its own cost, so another value leaves
 * stored hashes valid.
 *
 * @param memoryKib memory in KiB, at least 8
 * @param passes passes over the memory, at least 1
 */
public record PasswordCost(int memoryKib, int passes) {
  /** The minimum that OWASP recommends: 19 MiB and two passes, on one lane. */
  public static final PasswordCost RECOMMENDED = new PasswordCost(19_456, 2);
}
