package dev.rookery.testkit;

/** Chooses the seed of a test that does what chance decides. */
public final class TestSeed {
  private static final String PROPERTY = "rookery.test.seed";

  private TestSeed() {}

  /**
   * Returns another seed each time, or the one of {@code -Drookery.test.seed}, and prints how to
   * run the test with it again; {@code .ci/run} repeats that for a test that fails.
   *
   * @param test what runs, with its database
   */
  public static long of(String test) {
    long seed = Long.getLong(PROPERTY, System.nanoTime());
    System.out.println(test + ": -D" + PROPERTY + "=" + seed);
    return seed;
  }
}
