package dev.rookery.protocol.page;

import dev.rookery.base.Limits;
import dev.rookery.edge.ClientAddressResolver;
import dev.rookery.email.Email;
import dev.rookery.translation.Translations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the pages of a node.
 *
 * @param https whether browsers reach the server over HTTPS, whatever proxies report
 * @param secret the key of CSRF tokens; the same on all nodes
 * @param previewEmails emails that were not delivered, newest first; null if the mailbox page is
 *     off
 * @param previewForAdminsOnly whether only admins may see the mailbox page
 * @param staticFolder where the game of the studio is, in {@code play/index.html}
 * @param publicUrl the address of the server, known once it listens
 * @param searchesByEmail whether players find others by their complete email address
 * @param notificationsKeptFor how long a notification is stored
 */
public record PageSettings(
    Themes themes,
    Limits limits,
    ClientAddressResolver clients,
    boolean https,
    String secret,
    @Nullable Supplier<List<Email>> previewEmails,
    boolean previewForAdminsOnly,
    Translations translations,
    Path staticFolder,
    Supplier<String> publicUrl,
    AdminSignIn adminSignIn,
    boolean searchesByEmail,
    Duration notificationsKeptFor) {
  @Override
  public String toString() {
    return "PageSettings";
  }
}
