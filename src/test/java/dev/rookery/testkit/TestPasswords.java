package dev.rookery.testkit;

import dev.rookery.auth.PasswordCost;

/** Passwords in tests. */
public final class TestPasswords {
  /** A cost that tests pay hundreds of times; the recommended one would take minutes. */
  public static final PasswordCost COST = new PasswordCost(64, 1);

  private TestPasswords() {}
}
