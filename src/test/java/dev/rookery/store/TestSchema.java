package dev.rookery.store;

/** Makes the package-private migrations available to tests of other packages. */
public final class TestSchema {
  private TestSchema() {}

  public static void migrate(DatabaseLocation location) {
    Migrations.run(location);
  }
}
