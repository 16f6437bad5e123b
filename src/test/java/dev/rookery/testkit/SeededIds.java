package dev.rookery.testkit;

import dev.rookery.base.Ids;
import java.util.Base64;
import java.util.Random;
import java.util.UUID;

/** Identifiers that differ from each other and are the same in every run. */
public final class SeededIds implements Ids {
  private final Random random;

  public SeededIds(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public String uuid() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  @Override
  public String token(int bytes) {
    byte[] token = new byte[bytes];
    random.nextBytes(token);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }
}
