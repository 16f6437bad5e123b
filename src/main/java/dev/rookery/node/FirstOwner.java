package dev.rookery.node;

import static dev.rookery.node.Deployments.await;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.config.AdminConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.RoleTemplate;
import dev.rookery.console.SetupCode;
import dev.rookery.player.PlayerCommand;
import dev.rookery.store.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the first owner of a server at each start until there was one: the account that the
 * configuration names, or else a code for the set-up page.
 */
final class FirstOwner {
  private static final Logger LOG = LoggerFactory.getLogger(FirstOwner.class);
  private static final String FILE = "setup-code";

  private final NodeConfig config;
  private final NodeServices services;
  private final Bus bus;

  FirstOwner(NodeServices services) {
    this.services = services;
    this.config = services.config();
    this.bus = services.bus();
  }

  /**
   * Returns the setup code, which is in a file of the data folder too; null if the server has or
   * had an owner. The file of an earlier start is removed.
   *
   * @param dataFolder null if the node has none
   */
  @Nullable String prepare(@Nullable Path dataFolder) {
    Path file = dataFolder == null ? null : dataFolder.resolve(FILE);
    recover();
    if (await(bus.ask(new ConsoleCommand.IsSetupOpen()))) {
      createConfigured();
    }
    String code = SetupCode.create(services.ids());
    String node = config.cluster().nodeName();
    boolean open = await(bus.ask(new ConsoleCommand.PutSetupCode(node, code)));
    try {
      if (file != null) {
        Files.deleteIfExists(file);
        if (open) {
          PrivateFolder.writeFile(file, code + "\n");
        }
      }
    } catch (IOException failure) {
      LOG.warn("cannot write the setup code to {}: {}", file, failure.toString());
    }
    return open ? code : null;
  }

  /**
   * Makes the player with the configured email address the owner, and the player if need be. Not
   * one who has not confirmed the address: that may be somebody else.
   */
  private void createConfigured() {
    AdminConfig admin = config.admin();
    String email = admin.ownerEmail();
    if (email == null) {
      return;
    }
    try {
      PlayerId owner = find(email);
      if (owner == null) {
        String password = password(admin);
        if (password == null) {
          LOG.warn(
              "no owner is created: {} has no account, and no password is set"
                  + " (ROOKERY_OWNER_PASSWORD_FILE)",
              email);
          return;
        }
        owner = await(bus.ask(new AuthCommand.CreateAccount(email, password, null, true)));
      } else if (!await(bus.ask(new PlayerCommand.HasConfirmedEmail(owner)))) {
        // Without a mail server anybody can register with any address.
        LOG.warn(
            "no owner is created: player {} has not confirmed that {} is theirs. Use the setup"
                + " code if the account is yours",
            owner,
            email);
        return;
      }
      makeOwner(owner, "console_create_owner");
      LOG.info("player {} is the owner of this server", owner);
    } catch (Refused refused) {
      LOG.warn("the configured owner cannot be created: {}", refused.refusal());
    }
  }

  /**
   * Makes the account with the configured email address an owner again, without the second factor
   * that was lost.
   */
  private void recover() {
    String email = config.admin().recoverOwner();
    if (email == null) {
      return;
    }
    try {
      PlayerId owner = find(email);
      if (owner == null) {
        LOG.warn("no owner is recovered: {} has no account", email);
        return;
      }
      makeOwner(owner, "console_recover_owner");
      await(
          bus.ask(
              new ConsoleCommand.RemoveFactor(null, owner),
              change(owner, "console_remove_factor")));
      LOG.warn(
          "player {} is an owner without a second factor: unset ROOKERY_OWNER_RECOVER now", owner);
    } catch (Refused refused) {
      LOG.warn("the owner cannot be recovered: {}", refused.refusal());
    }
  }

  private void makeOwner(PlayerId player, String action) {
    await(
        bus.ask(
            new PlayerCommand.SetRole(null, player, RoleTemplate.OWNER.name()),
            change(player, action)));
  }

  private static AuditedChange change(PlayerId player, String action) {
    return new AuditedChange(Actor.system(), action, "admins/" + player, Map.of());
  }

  private @Nullable PlayerId find(String email) {
    try {
      return await(bus.ask(new PlayerCommand.FindByEmail(email))).player().id();
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Missing) {
        return null;
      }
      throw refused;
    }
  }

  private static @Nullable String password(AdminConfig admin) {
    Path file = admin.ownerPasswordFile();
    if (file == null) {
      return admin.ownerPassword() == null ? null : admin.ownerPassword().value();
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException failure) {
      LOG.warn("cannot read {} (ROOKERY_OWNER_PASSWORD_FILE): {}", file, failure.toString());
      return null;
    }
  }
}
