import type { VendorCatalogue } from '@muster/contracts';
import { adoptCatalogueAnswerSchema, canonicalJson, vendorCatalogueSchema } from '@muster/contracts';
import { decideCatalogue } from '@muster/domain';
import { Problem } from '@muster/kernel';
import { actorOf, type HttpRequest, Roles } from '@muster/service';
import { ApiJsonBody, ApiProblems } from '@muster/service/openapi';
import { digestOf } from '@muster/trust';
import { Body, Controller, Get, Inject, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { privateBodyOf } from '../body/private-body.js';
import { administrativeCommand } from '../ledger/administrative-command.js';
import type { AuthorityWriter } from '../ledger/authority-writer.js';
import { CurrentAuthority } from '../ledger/current-authority.js';
import type { VendorSigner } from '../vendor/vendor-signer.js';
import { AUTHORITY_WRITER, VENDOR_SIGNER } from '../wiring/tokens.js';

type AdoptAnswer = Readonly<z.infer<typeof adoptCatalogueAnswerSchema>>;

@Controller('v1/catalogue')
export class CatalogueController {
  constructor(
    @Inject(AUTHORITY_WRITER) private readonly writer: AuthorityWriter,
    @Inject(CurrentAuthority) private readonly authority: CurrentAuthority,
    @Inject(VENDOR_SIGNER) private readonly signer: VendorSigner,
  ) {}

  @Put()
  @Roles('admin')
  @ApiOperation({ summary: "Put the vendor's catalogue in force: groups, pools, products and their policies", description: 'Certificates that were issued before keep the policies that they carry.' })
  @ApiJsonBody(vendorCatalogueSchema)
  @ApiOkResponse({ standardSchema: adoptCatalogueAnswerSchema })
  @ApiProblems('malformed-request', 'catalogue-not-valid', 'request-too-large', 'unsupported-media-type', 'overloaded', 'unavailable', 'clock-skew', 'time-step')
  async adopt(@Body() body: Buffer | undefined, @Req() request: HttpRequest): Promise<AdoptAnswer> {
    const catalogue = privateBodyOf(body, request, vendorCatalogueSchema);
    const digest = digestOf(canonicalJson(catalogue));
    const { recordedAt } = await this.writer.submit(
      administrativeCommand({ actor: actorOf(request), decide: (state) => decideCatalogue({ digest, catalogue }, state, this.signer), seen: () => undefined }),
    );
    return { digest, position: recordedAt ?? (await this.authority.read()).position, adopted: recordedAt !== null };
  }

  @Get()
  @Roles('viewer')
  @ApiOperation({ summary: 'The catalogue in force' })
  @ApiOkResponse({ standardSchema: vendorCatalogueSchema })
  @ApiProblems('not-found', 'unavailable')
  async read(): Promise<VendorCatalogue> {
    const { catalogue } = (await this.authority.read()).state;
    if (catalogue === null) throw new Problem('not-found', 'There is no catalogue in force yet.');
    return catalogue.catalogue;
  }
}
