import { defineConfig } from "vite";

// One script and one style sheet, by fixed names: an editor's host names them in its own page.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    license: { fileName: "third-party-notices.md" },
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: false,
        entryFileNames: "panels.js",
        assetFileNames: "panels[extname]",
      },
    },
  },
});
