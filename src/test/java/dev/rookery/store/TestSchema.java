package dev.rookery.store;

/** Opens a package-private door to tests of other packages. */
public final class TestSchema {
  private TestSchema() {}

  public static void migrate(DatabaseLocation location) {
    Migrations.run(location);
  }
}
