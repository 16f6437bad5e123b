package dev.rookery.protocol.page;

import dev.rookery.base.Limits;
import dev.rookery.edge.ClientAddressResolver;
import dev.rookery.email.Email;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages of a node are like.
 *
 * @param https whether players reach the server by https, whatever proxies say
 * @param secret what forms are sealed with; the same on all nodes
 * @param previewEmails those that went nowhere, newest first; null if nobody may read them
 * @param previewForAdminsOnly whether admins alone may read them
 */
public record PageSettings(
    Theme theme,
    Limits limits,
    ClientAddressResolver clients,
    boolean https,
    String secret,
    @Nullable Supplier<List<Email>> previewEmails,
    boolean previewForAdminsOnly) {
  @Override
  public String toString() {
    return "PageSettings";
  }
}
