package dev.rookery.player;

import dev.rookery.player.DeviceDigests.Device;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the device ids that earlier releases stored by their digests, as soon as no node of an
 * earlier release is alive. One node does it for the cluster; running twice does no harm.
 */
public final class DeviceMigration {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceMigration.class);
  private static final int BATCHES_MAX = 100;

  private final Database database;
  private final DeviceDigests digests;
  private final BooleanSupplier earlierNodes;
  private final DeviceStore store = new DeviceStore();

  /**
   * @param earlierNodes whether a node of an earlier release is alive; may block
   */
  public DeviceMigration(Database database, DeviceDigests digests, BooleanSupplier earlierNodes) {
    this.database = database;
    this.digests = digests;
    this.earlierNodes = earlierNodes;
  }

  /** Replaces some ids; the next run continues. */
  public void run() {
    if (earlierNodes.getAsBoolean()) {
      return;
    }
    int replaced = 0;
    for (int batch = 0; batch < BATCHES_MAX; batch++) {
      int size = database.write(this::replaceSome);
      replaced += size;
      if (size == 0) {
        break;
      }
    }
    if (replaced > 0) {
      LOG.info("replaced {} device ids by their digests", replaced);
    }
  }

  private int replaceSome(Transaction tx) {
    List<DeviceStore.StoredId> stored = store.findStoredIds(tx);
    for (DeviceStore.StoredId one : stored) {
      Device device = digests.device(one.deviceId());
      if (!store.replaceId(tx, one, device)) {
        // The device signed in again on a node of this release, which made another player.
        LOG.warn("the device of player {} belongs to another player now", one.player());
        store.dropId(tx, one);
      }
    }
    return stored.size();
  }
}
