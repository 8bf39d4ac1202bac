/*
 * A menu of the qualities there are, where Video.js plays and there is more than one. The choice stays for the page,
 * also when the player gets fresh addresses.
 */

/** [{label, height}], the best first; the first of all leaves it to the line. */
function choices(representations, automatic) {
  const heights = [...new Set(representations.map(({ height }) => height).filter(Boolean))].sort((a, b) => b - a);
  return heights.length < 2 ? [] : [{ label: automatic, height: null }, ...heights.map(named)];
}

function named(height) {
  return { label: `${height}p`, height };
}

function makeButton({ words, automatic, player }) {
  const MenuButton = window.videojs.getComponent("MenuButton");
  const MenuItem = window.videojs.getComponent("MenuItem");
  let chosen = null;

  const qualities = () => player.tech(true)?.vhs?.representations?.() ?? [];
  const apply = () => {
    for (const one of qualities()) one.enabled(chosen === null || one.height === chosen);
  };

  class QualityItem extends MenuItem {
    handleClick() {
      chosen = this.options_.height;
      apply();
      for (const item of this.options_.button.items) item.selected(item === this);
    }
  }

  class QualityButton extends MenuButton {
    buildWrapperCSSClass() {
      return `vjs-quality ${super.buildWrapperCSSClass()}`;
    }

    createItems() {
      return choices(qualities(), automatic).map(
        ({ label, height }) =>
          new QualityItem(player, { label, height, button: this, selectable: true, selected: height === chosen }),
      );
    }
  }

  const button = new QualityButton(player, {});
  button.controlText(words);
  player.on("loadedmetadata", () => {
    apply();
    button.update();
  });
  button.update();
  return button;
}

/** media: the element with the words; player: Video.js around it. */
export function offerQualities(media, player) {
  const { automaticWords, qualityWords } = media.dataset;
  const button = makeButton({ words: qualityWords, automatic: automaticWords, player });
  const speed = player.controlBar.children().indexOf(player.controlBar.playbackRateMenuButton);
  player.controlBar.addChild(button, {}, speed + 1);
}
