export { OPEN_ROUTE, OpenRoute } from '@muster/service';
