import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// One build, three entries. The desk serves web/dist/widget under /widget/, web/dist/desk under /desk/ and
// web/dist/assets under /assets/, all with a strict content security policy: nothing may be inlined.
export default defineConfig({
  root: "src",
  base: "/",
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: ["chrome91", "edge91", "firefox90", "safari14.1"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        widget: "src/widget/index.html",
        desk: "src/desk/index.html",
        loader: "src/widget/loader.ts",
      },
      output: {
        // The shop's pages name the loader, so it alone keeps a fixed address.
        entryFileNames: (chunk) => (chunk.name === "loader" ? "widget/loader.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/shared-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": "http://127.0.0.1:8000",
      "/ws": { target: "ws://127.0.0.1:8000", ws: true },
      "/demo": "http://127.0.0.1:8000",
    },
  },
  test: {
    root: ".",
    include: ["tests/**/*.test.ts"],
    environment: "happy-dom",
  },
});
